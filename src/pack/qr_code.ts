import { encode } from "uqr";

/** Light modules around the code, which readers need (ISO/IEC 18004: four). */
const QUIET_ZONE = 4;

/** Black on white, whatever the terminal's own colours are. */
const BLACK_ON_WHITE = "\x1b[38;5;16;48;5;231m";
const RESET = "\x1b[0m";

/**
 * A text as a QR code for a terminal, a line each; two modules stand in one character, one above
 * the other.
 *
 * @param colours `plain` has none: it is right for light letters on a dark ground
 */
export function qrLines(text: string, colours: "black_on_white" | "plain"): string[] {
  const { data, size } = encode(text, { border: QUIET_ZONE, ecc: "M" });
  const isDark = (x: number, y: number) => data[y]?.[x] === true;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = "";
    for (let x = 0; x < size; x++) {
      const [upper, lower] = [isDark(x, y), isDark(x, y + 1)];
      line += colours === "plain" ? block(!upper, y + 1 < size && !lower) : block(upper, lower);
    }
    lines.push(colours === "plain" ? line : `${BLACK_ON_WHITE}${line}${RESET}`);
  }
  return lines;
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
