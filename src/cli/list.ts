import { Command, print } from "../base/native.ts";
import { examples, printJson, printTable } from "./output.ts";

/** `list` */
export function listCommand(): Command {
  return new Command("list")
    .description("list the pods of the running Host, and the saved ones")
    .option("--json", "print them as JSON")
    .addHelpText("after", examples("list"))
    .action(async ({ json }: { json?: true }) => {
      const [{ runningHost }, { readLibrary }] = await Promise.all([
        import("./host_client.ts"),
        import("./pod_library.ts"),
      ]);
      const [host, saved] = await Promise.all([runningHost(), readLibrary()]);
      const pods = await host?.pods() ?? [];
      if (json) return printJson({ running: host !== undefined, pods, saved });
      if (pods.length + saved.length === 0) {
        return print("no pod is served and none is saved: `gemmapod link <dir>` saves one");
      }
      const served = new Map(pods.map((pod) => [pod.dir, pod]));
      const savedDirs = new Set(saved.map(({ dir }) => dir));
      printTable(["NAME", "POD", "STATUS", "VISITORS", "FOLDER"], [
        ...saved.map(({ slug, dir }) => {
          const pod = served.get(dir);
          return [slug, pod?.id ?? "", pod?.status ?? "saved", `${pod?.peers ?? ""}`, dir];
        }),
        ...pods.filter(({ dir }) => !savedDirs.has(dir))
          .map(({ id, status, peers, dir }) => ["", id, status, `${peers}`, dir]),
      ]);
    });
}
