import { z } from "zod";
import { CodedError, noAnswer } from "../../base/mod.ts";
import { oneLine } from "../../base/native.ts";
import { brokerUrlOf } from "../../pack/mod.ts";
import type { Finding } from "../../pack/mod.ts";
import type { Check } from "./check.ts";

/** How long a broker may take, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** From here a clock is wrong enough to be told of; a Date header has whole seconds. */
const SKEW_TOLD_MS = 60_000;

/** From here conversations are refused (dartc.md, "Time"). */
const SKEW_REFUSED_MS = 24 * 60 * 60 * 1_000;

const health = z.object({ ok: z.literal(true), version: z.string().optional() });

/** Whether the brokers of the pods answer, and what their clocks say of ours. */
export function brokerCheck(addresses: readonly string[]): Check {
  return {
    name: "broker",
    look: async (signal) => {
      const looked = await Promise.all(addresses.map((address) => lookAt(address, signal)));
      const skews = looked.flatMap(({ skewMs }) => skewMs === undefined ? [] : [skewMs]);
      return [...looked.map(({ finding }) => finding), clockFinding(skews)];
    },
  };
}

async function lookAt(
  address: string,
  signal: AbortSignal,
): Promise<{ finding: Finding; skewMs?: number }> {
  try {
    const url = brokerUrlOf(address);
    const asked = Date.now();
    const answer = await fetch(`${url}/health`, {
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const took = Date.now() - asked;
    const said = health.safeParse(await answer.json().catch(() => undefined));
    const skewMs = skewOf(answer.headers.get("date"), asked + took / 2);
    const skew = skewMs === undefined ? {} : { skewMs };
    if (!answer.ok || !said.success) {
      const found = `${url} answers ${answer.status}, and not as a broker does`;
      return { finding: bad(found, "check the address"), ...skew };
    }
    const version = said.data.version === undefined
      ? ""
      : `, version ${oneLine(said.data.version)}`;
    const found = `${url} answers in ${Math.round(took)} ms${version}`;
    return { finding: { check: "broker", status: "good", found }, ...skew };
  } catch (error) {
    if (error instanceof CodedError) return { finding: bad(error.message, "write it anew") };
    const { why, todo } = noAnswer(error);
    return { finding: bad(`${oneLine(address)} cannot be reached: ${why}`, todo) };
  }
}

function bad(found: string, todo: string): Finding {
  return {
    check: "broker",
    status: "bad",
    found,
    todo: `${todo}; it is [transport.dartc] signal_url in pod.toml`,
  };
}

/** How far our clock is ahead of another's, in milliseconds. */
function skewOf(date: string | null, now: number): number | undefined {
  const theirs = Date.parse(date ?? "");
  return Number.isNaN(theirs) ? undefined : now - theirs;
}

/** What the brokers' clocks say of ours: that which is nearest to it is believed. */
export function clockFinding(skews: readonly number[]): Finding {
  const [skew] = [...skews].sort((a, b) => Math.abs(a) - Math.abs(b));
  if (skew === undefined) {
    return {
      check: "clock",
      status: "warn",
      found: "no broker has told the time, so the clock was not compared",
      todo: "mend the broker first, or compare it with another clock",
    };
  }
  if (Math.abs(skew) < SKEW_TOLD_MS) {
    return { check: "clock", status: "good", found: "the clock is right to the minute" };
  }
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return {
    check: "clock",
    status: Math.abs(skew) < SKEW_REFUSED_MS ? "warn" : "bad",
    found: `the clock is ${minutes} min ${skew > 0 ? "ahead" : "behind"}`,
    todo: "set it by the network: `timedatectl set-ntp true`, or the settings of your system",
  };
}
