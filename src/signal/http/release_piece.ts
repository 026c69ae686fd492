/**
 * Gives the memory of a piece of a body back at once, where it is all its own: V8 would let as much
 * of it pile up as the whole body has. What was read of a body belongs to its reader.
 */
export function releasePiece({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
