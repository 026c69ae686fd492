import { Option, WrongUse } from "../../base/native.ts";
import { brokerUrlOf } from "../broker_url.ts";

/** `--broker`: by its own address or that of its WebSocket; any other is wrong use. */
export function brokerOption(help: string): Option {
  return new Option("--broker <url>", help).argParser((text) => {
    try {
      brokerUrlOf(text);
      return text;
    } catch (cause) {
      throw new WrongUse(
        "--broker: expected an address as https://pods.example or wss://pods.example/signal",
        { cause },
      );
    }
  });
}
