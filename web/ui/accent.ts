/** A pod's accent colour, and what can be read on and beside it. */
export interface AccentTones {
  /** For surfaces, as the owner chose it. */
  surface: string;
  /** For text and icons on that surface. */
  on: string;
  /** For text and icons on a light page. */
  onLight: string;
  /** For text and icons on a dark page. */
  onDark: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** The backgrounds of the widget's light and dark dress (tokens.css). */
const LIGHT_PAGE: Rgb = [255, 255, 255];
const DARK_PAGE: Rgb = [20, 22, 27];

/** WCAG 2.2, 1.4.3: text of normal size; a little over, for the surfaces that are not quite white. */
const READABLE = 4.8;

/**
 * The tones that a hex colour gives, each readable where it is used, whatever the owner chose.
 *
 * @returns undefined when `hex` is not `#rgb` or `#rrggbb`
 *
 * @example
 * ```ts
 * import { accentTones } from "./accent.ts";
 *
 * if (accentTones("#ffe600")?.on !== "rgb(0 0 0)") throw new Error("dark text on yellow");
 * ```
 */
export function accentTones(hex: string): AccentTones | undefined {
  const color = parse(hex);
  if (color === undefined) return undefined;
  // One of the two always has 4.5; white looks better where it may be either.
  const on = contrast(color, WHITE) >= 4.5 ? WHITE : BLACK;
  return {
    surface: css(color),
    on: css(on),
    onLight: css(towards(color, BLACK, LIGHT_PAGE)),
    onDark: css(towards(color, WHITE, DARK_PAGE)),
  };
}

function parse(hex: string): Rgb | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex)?.slice(1).map((one) => one + one);
  const pairs = short ?? /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)?.slice(1);
  if (pairs === undefined) return undefined;
  const [red = 0, green = 0, blue = 0] = pairs.map((pair) => parseInt(pair, 16));
  return [red, green, blue];
}

function css([red, green, blue]: Rgb): string {
  return `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)})`;
}

/** `color`, moved towards `end` no further than it takes to be read on `page`. */
function towards(color: Rgb, end: Rgb, page: Rgb): Rgb {
  let mixed = color;
  for (let part = 0; part <= 1 && contrast(mixed, page) < READABLE; part += 0.05) {
    const mix = (i: 0 | 1 | 2) => color[i] + (end[i] - color[i]) * part;
    mixed = [mix(0), mix(1), mix(2)];
  }
  return mixed;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
