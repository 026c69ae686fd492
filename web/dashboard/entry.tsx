import { render } from "preact";
import { FramePainter } from "../ui/frame_painter.ts";
import { HostApi } from "./api/host_api.ts";
import { Dashboard } from "./model/dashboard.ts";
import { stringsFor } from "./strings.ts";
import { adoptStyles } from "./styles/adopt_styles.ts";
import { App } from "./view/app.tsx";
import { type Board, BoardContext } from "./view/board.ts";
import { Navigation } from "./view/navigation.ts";
import { Theme } from "./view/theme.ts";

/** Shows the dashboard in this document, for as long as it is open. */
export function start(): void {
  // A frame of somebody else's page could have its visitor click on what they do not see.
  if (globalThis.top !== globalThis.self) return;
  const strings = stringsFor(navigator.languages);
  document.documentElement.lang = strings.language;
  document.title = strings.title;
  adoptStyles(document);

  const said = document.body.appendChild(document.createElement("div"));
  said.className = "hidden";
  said.setAttribute("role", "status");

  const dashboard = new Dashboard(new HostApi());
  const board: Board = {
    dashboard,
    strings,
    navigation: new Navigation(window),
    theme: new Theme(document.documentElement),
    painter: new FramePainter(),
    announce: (text) => said.textContent = text,
  };
  const place = document.body.appendChild(document.createElement("div"));
  render(
    <BoardContext.Provider value={board}>
      <App />
    </BoardContext.Provider>,
    place,
  );
  void dashboard.link.run();
  addEventListener("online", () => dashboard.link.tryNow());
  addEventListener("focus", () => dashboard.link.tryNow());
}
