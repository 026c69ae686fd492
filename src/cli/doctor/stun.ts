/**
 * As much of STUN (RFC 8489) as a binding request needs.
 *
 * @module
 */
import { fromHex, toHex } from "../../base/mod.ts";

const HEADER_BYTES = 20;
const MAGIC_COOKIE = 0x2112a442; // RFC 8489, 5
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const XOR_MAPPED_ADDRESS = 0x0020; // RFC 8489, 14.2
const MAPPED_ADDRESS = 0x0001; // RFC 8489, 14.1, of servers of RFC 3489
const IPV4 = 1;
const IPV6 = 2;

/** An address as another machine sees it. */
export interface MappedAddress {
  readonly address: string;
  readonly port: number;
}

/** A binding request without attributes. `transactionId`: 24 hex digits. */
export function bindingRequest(transactionId: string): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, BINDING_REQUEST);
  view.setUint32(4, MAGIC_COOKIE);
  bytes.set(fromHex(transactionId), 8);
  return bytes;
}

/** A fresh transaction id: 12 random bytes as hex, so that nobody can guess an answer. */
export function newTransactionId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(12)));
}

/**
 * What a binding response says. Undefined for everything else: a stranger's packet, an error, an
 * answer without an address.
 */
export function readBindingResponse(
  packet: Uint8Array,
): { transactionId: string; mapped: MappedAddress } | undefined {
  if (packet.length < HEADER_BYTES) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (view.getUint16(0) !== BINDING_SUCCESS || view.getUint32(4) !== MAGIC_COOKIE) return undefined;
  const end = HEADER_BYTES + view.getUint16(2);
  if (end > packet.length) return undefined;
  let plain: MappedAddress | undefined;
  for (let at = HEADER_BYTES; at + 4 <= end;) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    const value = packet.subarray(at + 4, at + 4 + length);
    if (at + 4 + length > end) return undefined;
    const transactionId = toHex(packet.subarray(8, HEADER_BYTES));
    if (type === XOR_MAPPED_ADDRESS) {
      const mapped = addressOf(value, packet.subarray(4, HEADER_BYTES));
      if (mapped !== undefined) return { transactionId, mapped };
    }
    if (type === MAPPED_ADDRESS) plain = addressOf(value);
    at += 4 + Math.ceil(length / 4) * 4; // attributes are padded (RFC 8489, 14)
  }
  return plain && { transactionId: toHex(packet.subarray(8, HEADER_BYTES)), mapped: plain };
}

/** @param mask the magic cookie and the transaction id, where the value was masked with them */
function addressOf(value: Uint8Array, mask?: Uint8Array): MappedAddress | undefined {
  const [, family, high = 0, low = 0] = value;
  const length = family === IPV4 ? 4 : family === IPV6 ? 16 : 0;
  if (length === 0 || value.length < 4 + length) return undefined;
  const unmask = (byte: number, index: number) => byte ^ (mask?.[index] ?? 0);
  const port = unmask(high, 0) << 8 | unmask(low, 1);
  const bytes = [...value.subarray(4, 4 + length)].map(unmask);
  if (family === IPV4) return { address: bytes.join("."), port };
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) << 8 | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return { address: groups.join(":"), port };
}
