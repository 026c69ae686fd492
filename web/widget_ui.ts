import type { UiAdapter } from "../src/runtime/mod.ts";
import { renderWidget, type WidgetOptions } from "./ui/render_widget.tsx";

/** The widget as the face of a runtime. */
export function widgetUi(options: WidgetOptions): UiAdapter {
  return {
    mount(target, runtime) {
      if (target instanceof HTMLElement) return renderWidget(target, runtime, options);
      throw new TypeError("Cannot mount the pod: expected an element of this page");
    },
  };
}
