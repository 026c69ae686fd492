import { escapeHtml, peoplePage } from "./people_page.ts";

/** What the front page tells. */
export interface FrontPage {
  lang: Language;
  /** `https://pods.example` */
  origin: string;
  /** Pods whose Hosts are connected. */
  origins: number;
  /** Visitors who are being introduced now. */
  sessions: number;
  version: string;
}

/** The languages that the front page is written in. */
export type Language = "en" | "de";

/** The first of our languages that a visitor wants; `Accept-Language` names the best first. */
export function pageLanguage(acceptLanguage: string | undefined): Language {
  const ranges = (acceptLanguage ?? "").toLowerCase().split(",")
    .filter((range) => !/;\s*q=0(?:\.0*)?\s*$/.test(range));
  const first = ranges.map((range) => range.trim().split(/[-;\s]/, 1)[0])
    .find((language) => language === "en" || language === "de");
  return first === "de" ? "de" : "en";
}

/** The page at `/`: what this is, for somebody who came by. Counts, never a list of pods. */
export function frontPage({ lang, origin, origins, sessions, version }: FrontPage): string {
  const text = TEXTS[lang];
  const number = new Intl.NumberFormat(lang);
  const upload = `curl -H "Content-Type: text/html" \\
  --data-binary @card.html ${origin}/pods`;
  const deploy = `[transport.dartc]
signal_url = "${origin.replace(/^http/, "ws")}/signal"
pod_id = "my-pod"`;
  return peoplePage({
    lang,
    title: text.title,
    body: `<h1>${text.title}</h1>
<p class="lead">${text.lead}</p>
<p>${text.privacy}</p>
<dl>
<div><dt>${text.origins}</dt><dd>${number.format(origins)}</dd></div>
<div><dt>${text.sessions}</dt><dd>${number.format(sessions)}</dd></div>
</dl>
<h2>${text.visitorHead}</h2>
<p>${text.visitor}</p>
<h2>${text.ownerHead}</h2>
<p>${text.serve}</p>
<pre tabindex="0">${escapeHtml(deploy)}</pre>
<p>${text.upload}</p>
<pre tabindex="0">${escapeHtml(upload)}</pre>
<p>${text.answer}</p>
<footer><p>gemmapod-signal ${
      escapeHtml(version)
    } · <a href="/health">${text.health}</a></p></footer>`,
  });
}

const TEXTS: Record<Language, Readonly<Record<TextName, string>>> = {
  en: {
    title: "This is a gemmapod broker",
    lead: "People put AI agents on their own machines, and send others a page to chat with them. " +
      "This server introduces the two: the page in a browser, and the machine that answers.",
    privacy: "Once they know each other they talk directly. " +
      "No conversation passes through here, and none is kept.",
    origins: "agents online",
    sessions: "introductions under way",
    visitorHead: "Somebody sent you a link?",
    visitor: "Open it as it is, with everything after the slash. The agent’s owner gave it to " +
      "you; there is no list of them here. If the page says that the agent is offline, its " +
      "owner’s machine is off: try again later.",
    ownerHead: "You have an agent of your own?",
    serve: "Name this broker in its <code>pod.toml</code>, pack it with " +
      "<code>gemmapod-pack build</code>, and keep <code>gemmapod run</code> running:",
    upload: "The packed page works from anywhere. To have it served from here, upload it:",
    answer: "The answer holds its address. Pages are checked before they are stored: " +
      "the signature inside has to hold.",
    health: "status as JSON",
  },
  de: {
    title: "Das ist ein gemmapod-Broker",
    lead: "Menschen betreiben KI-Agenten auf ihren eigenen Rechnern und schicken anderen eine " +
      "Seite, auf der sie mit ihnen schreiben können. Dieser Server macht die beiden bekannt: " +
      "die Seite im Browser und den Rechner, der antwortet.",
    privacy: "Danach sprechen sie direkt miteinander. " +
      "Kein Gespräch läuft hier durch, und keines wird aufbewahrt.",
    origins: "Agenten erreichbar",
    sessions: "werden gerade verbunden",
    visitorHead: "Jemand hat Ihnen einen Link geschickt?",
    visitor: "Öffnen Sie ihn so, wie er ist, mit allem nach dem Schrägstrich. Sie haben ihn vom " +
      "Besitzer des Agenten; eine Liste gibt es hier nicht. Sagt die Seite, der Agent sei nicht " +
      "erreichbar, dann ist der Rechner seines Besitzers aus: Versuchen Sie es später noch einmal.",
    ownerHead: "Sie haben einen eigenen Agenten?",
    serve: "Nennen Sie diesen Broker in seiner <code>pod.toml</code>, packen Sie ihn mit " +
      "<code>gemmapod-pack build</code>, und lassen Sie <code>gemmapod run</code> laufen:",
    upload:
      "Die gepackte Seite funktioniert überall. Soll sie von hier kommen, laden Sie sie hoch:",
    answer: "In der Antwort steht ihre Adresse. Seiten werden geprüft, bevor sie gespeichert " +
      "werden: Die Unterschrift darin muss stimmen.",
    health: "Zustand als JSON",
  },
};

type TextName =
  | "title"
  | "lead"
  | "privacy"
  | "origins"
  | "sessions"
  | "visitorHead"
  | "visitor"
  | "ownerHead"
  | "serve"
  | "upload"
  | "answer"
  | "health";
