/** Bytes that are handed on at once: often enough for a bar that moves. */
const PIECE_BYTES = 64 * 1024;

/** Bytes as a stream of pieces; `onPiece` is told how many bytes have been taken. */
export function piecesOf(
  bytes: Uint8Array<ArrayBuffer>,
  onPiece: (taken: number) => void = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let taken = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = bytes.slice(taken, taken + PIECE_BYTES);
      if (piece.length === 0) return controller.close();
      controller.enqueue(piece);
      taken += piece.length;
      onPiece(taken);
    },
  });
}
