import type { JSX, RefObject } from "preact";
import { Icon, type IconName } from "./icons.tsx";

/** What {@linkcode IconButton} is given, beside what any button may be. */
export interface IconButtonProps extends Omit<JSX.IntrinsicElements["button"], "icon" | "ref"> {
  icon: IconName;
  /** Its name: shown to a pointer that rests on it, and said. */
  label: string;
  /** For whoever gives it the focus. */
  button?: RefObject<HTMLButtonElement | null>;
}

/** A button that shows a picture alone. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const { icon, label, button, children, ...rest } = props;
  return (
    <button type="button" class="quiet" ref={button} title={label} aria-label={label} {...rest}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
