import { GemmaPod, podConfig } from "./gemmapod.ts";
import { element, reloadOnChange } from "./page.ts";

reloadOnChange();
GemmaPod.defineElement();
const config = await podConfig("demo-pod");
for (const id of ["painted", "reset"]) {
  await GemmaPod.mountPod(element(id), config, { mode: "inline" });
}
