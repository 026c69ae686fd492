const MIB = 1024 * 1024;

/**
 * Uploads so many MiB of nothing and stops only when the broker answers or closes, as a client does
 * that does not listen. Returns the first line of the answer.
 */
export async function uploadDeaf(
  port: number,
  mib: number,
  length: "chunked" | "announced",
): Promise<string> {
  const line = await Deno.connect({ hostname: "127.0.0.1", port });
  const text = new TextEncoder();
  const chunk = new Uint8Array(MIB).fill(0x20);
  const framing = length === "chunked"
    ? "Transfer-Encoding: chunked"
    : `Content-Length: ${mib * MIB}`;
  const piece = length === "chunked"
    ? [text.encode("100000\r\n"), chunk, text.encode("\r\n")]
    : [chunk];
  let sent = 0;
  async function send(): Promise<void> {
    await writeAll(line, text.encode(uploadHead(framing)));
    for (; sent < mib * MIB; sent += MIB) for (const part of piece) await writeAll(line, part);
    if (length === "chunked") await writeAll(line, text.encode("0\r\n\r\n"));
  }
  const sending = send().catch(() => {}); // the broker hung up, or we do below
  const buffer = new Uint8Array(4096);
  const read = await line.read(buffer);
  const [answer = ""] = new TextDecoder().decode(buffer.subarray(0, read ?? 0)).split("\r\n");
  line.close();
  await sending;
  return answer;
}

/** The head of an upload. */
export function uploadHead(framing: string): string {
  return `POST /pods HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/html\r\n${framing}\r\n\r\n`;
}

export async function writeAll(line: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await line.write(bytes.subarray(at));
}
