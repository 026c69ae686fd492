import { createSocket } from "node:dgram";

/** Options of {@linkcode startStunResponder}. */
export interface StunResponderOptions {
  /** What it tells whoever asks; default: the address that the question came from. */
  says?: { address: string; port: number };
  /** Takes the questions and answers none. */
  silent?: true;
}

/** A running responder. */
export interface StunResponder extends AsyncDisposable {
  readonly port: number;
  /** `stun:127.0.0.1:<port>`. */
  readonly url: string;
  /** The questions so far. */
  readonly asked: readonly Uint8Array[];
}

/** A STUN server on loopback that knows binding requests (RFC 8489) and no more. */
export async function startStunResponder(
  options: StunResponderOptions = {},
): Promise<StunResponder> {
  const asked: Uint8Array[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (request: Uint8Array, from: { address: string; port: number }) => {
    asked.push(request);
    if (options.silent) return;
    const { address, port } = options.says ?? from;
    socket.send(bindingResponse(request, address, port), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  return {
    port,
    url: `stun:127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A binding success response with an XOR-MAPPED-ADDRESS (RFC 8489, 14.2), and one that nobody knows. */
export function bindingResponse(request: Uint8Array, address: string, port: number): Uint8Array {
  const software = [0x80, 0x22, 0, 3, 0x74, 0x73, 0x74, 0]; // SOFTWARE "tst", padded
  const packet = new Uint8Array(20 + software.length + 12);
  packet.set([0x01, 0x01, 0, software.length + 12]);
  packet.set(request.subarray(4, 20), 4); // cookie and transaction id
  packet.set(software, 20);
  const at = 20 + software.length;
  const masked = [port >> 8, port & 0xff].map((byte, index) => byte ^ (request[4 + index] ?? 0));
  const octets = address.split(".").map((octet, index) =>
    Number(octet) ^ (request[4 + index] ?? 0)
  );
  packet.set([0x00, 0x20, 0, 8, 0, 1, ...masked, ...octets], at);
  return packet;
}
