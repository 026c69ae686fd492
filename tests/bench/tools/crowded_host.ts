import { crowdModel, type CrowdResult } from "../../e2e/crowd.ts";
import { eventually, type HostPlace, hostPlace } from "../../e2e/host_place.ts";
import { startModelEndpoint } from "../../e2e/model_endpoint.ts";
import type { Running } from "../../e2e/processes.ts";
import { cpuSeconds, memoryMb, openFiles, threads } from "./process_usage.ts";
import type { Row } from "./table.ts";

/** A Host that crowds of visitors are sent to, and what it takes up. */
export interface CrowdedHost extends AsyncDisposable {
  readonly place: HostPlace;
  readonly pid: number;
  /** What it takes up now. */
  look(): { readonly memory: number; readonly files: number; readonly threads: number };
  /** The same as a row. */
  row(when: string): Row;
  /** Settles when it has missed everybody; rejects after so many milliseconds. */
  deserted(withinMs: number): Promise<void>;
  /** Prints what got lost, and ends it. */
  end(failures: CrowdResult["failures"]): Promise<void>;
}

/** Failures that are printed; the others are of the same kinds. */
const PRINTED = 20;

/** Starts one, at an endpoint that gives answers of so many words in that rhythm. */
export async function crowdedHost(words: number, wordMs: number): Promise<CrowdedHost> {
  await using open = new AsyncDisposableStack();
  const model = open.use(startModelEndpoint());
  model.script(crowdModel(words, wordMs));
  const place = open.use(await hostPlace());
  await place.writePod("pod");
  const host: Running = await place.run("pod", "--provider-url", model.url, "--parallel", "1000");
  const { pid } = host;
  const look = () => ({ memory: memoryMb(pid), files: openFiles(pid), threads: threads(pid) });
  const owned = open.move();
  return {
    place,
    pid,
    look,
    row: (when) => {
      const { memory, files, threads } = look();
      return [when, `${memory} MB`, `${files} files, ${threads} threads`];
    },
    deserted: (withinMs) =>
      eventually("nobody is there", async () => await place.peers() === 0, withinMs),
    async end(failures) {
      for (const failure of failures.slice(0, PRINTED)) console.log(`  lost: ${failure}`);
      host.kill("SIGTERM");
      console.log(`  the Host ended with code ${(await host.status).code}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The rows that every crowd ends with. */
export function crowdRows(
  { visitors, whole, cut, slowestMs }: CrowdResult,
  { pid, seconds }: { pid: number; seconds: number },
): Row[] {
  const cpu = cpuSeconds(pid);
  return [
    ["visitors", `${visitors}`, `${(visitors / seconds).toFixed(0)}/s`],
    ["left in the middle", `${cut}`, ""],
    ["whole answers", `${whole}`, `of ${visitors - cut}`],
    ["slowest visit", `${slowestMs}`, "ms"],
    ["CPU of the Host", (cpu * 100 / seconds).toFixed(0), "%"],
    ["CPU of the Host", (cpu * 1_000 / visitors).toFixed(1), "ms a visitor"],
  ];
}
