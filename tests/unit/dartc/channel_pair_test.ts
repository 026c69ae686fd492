import { channelPair } from "./channel_pair.ts";
import { testChannel } from "./channel_conformance.ts";

for (const delivery of ["sync", "microtask"] as const) {
  testChannel(`A ${delivery} channel in memory`, () => {
    const [near, far] = channelPair({ delivery });
    return Promise.resolve({
      near,
      far,
      [Symbol.asyncDispose]: () => {
        near.close();
        return Promise.resolve();
      },
    });
  });
}
