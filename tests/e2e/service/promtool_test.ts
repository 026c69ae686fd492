import assert from "node:assert/strict";
import { connect, connectHost } from "../broker_client.ts";
import { SDP, startSignal } from "../broker_scenes.ts";
import { smallPage, store } from "../small_page.ts";

const PROMTOOL = "/usr/bin/promtool";

/** What promtool says of a text: nothing, where all is well. */
async function check(text: string): Promise<string> {
  const promtool = new Deno.Command(PROMTOOL, {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = promtool.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout, stderr } = await promtool.output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return success ? said : `${said}\npromtool failed`;
}

/** The numbers of a text, by name and labels. */
function numbersOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at).replace("gemmapod_signal_", ""), Number(line.slice(at + 1))];
  }));
}

Deno.test("promtool finds nothing wrong with the metrics, new and after all has happened", async () => {
  await using broker = await startSignal("--limits", "sessions_per_minute=3");
  const metrics = async () => {
    const answer = await fetch(`${broker.url}/metrics`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    return await answer.text();
  };
  assert.equal(await check(await metrics()), "");

  await using host = await connectHost(broker.url, "secret-pod");
  await using visitor = await connect(broker.url);
  visitor.send({ t: "offer", podId: "secret-pod", sessionId: "s", sdp: SDP });
  await host.next();
  host.send({ t: "answer", sessionId: "s", sdp: SDP });
  await visitor.next();
  visitor.send({ t: "offer", podId: "nobody", sessionId: "t", sdp: SDP });
  await visitor.next();
  visitor.send("nonsense");
  await visitor.next();
  visitor.send({ t: "offer", podId: "secret-pod", sessionId: "u", sdp: SDP });
  await host.next();
  visitor.send({ t: "offer", podId: "secret-pod", sessionId: "v", sdp: SDP });
  assert.equal((await visitor.closed).code, 4029);
  await host.next(); // the visitor left
  const page = smallPage();
  const id = await store(broker.url, page);
  await store(broker.url, page);
  const size = new TextEncoder().encode(page).length;
  await (await fetch(`${broker.url}/${id}`, { headers: { "accept-encoding": "identity" } })).text();
  await (await fetch(`${broker.url}/pods`, { method: "POST", body: "no page" })).text();

  const text = await metrics();
  assert.equal(await check(text), "");
  assert(!text.includes("secret-pod"));
  const numbers = numbersOf(text);
  const expected: Record<string, number> = {
    "origins": 1,
    'sockets{role="host"}': 1,
    'sockets{role="visitor"}': 0,
    "sockets_opened_total": 2,
    'sockets_closed_total{reason="limit"}': 1,
    'messages_total{type="offer"}': 4,
    'messages_total{type="unreadable"}': 1,
    'registrations_total{outcome="registered"}': 1,
    'offers_total{outcome="relayed"}': 2,
    'offers_total{outcome="offline"}': 1,
    'offers_total{outcome="refused"}': 1,
    'sessions_unanswered_total{reason="visitor_left"}': 1,
    'refusals_total{reason="unreadable"}': 1,
    'refusals_total{reason="over_limit"}': 1,
    "answer_seconds_count": 1,
    'requests_total{route="signal",status="101"}': 2,
    'uploads_total{result="stored"}': 1,
    'uploads_total{result="known"}': 1,
    'uploads_total{result="bad_page"}': 1,
    "upload_seconds_count": 2,
    "upload_bytes_total": size,
    'requests_total{route="page",status="200"}': 1,
    "page_bytes_total": size,
    "pages": 1,
  };
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, numbers.get(name)]));
  assert.deepEqual(found, expected);
  assert((numbers.get("process_resident_memory_bytes") ?? 0) > 1024 * 1024);
  assert((numbers.get("process_cpu_seconds_total") ?? 0) > 0);
});
