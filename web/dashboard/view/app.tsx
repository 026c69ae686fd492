import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useChanges } from "../../ui/face.ts";
import { useBoard } from "./board.ts";
import { LostBanner } from "./lost_banner.tsx";
import { depthOf } from "./navigation.ts";
import { Overview } from "./overview.tsx";
import { PodView } from "./pod_view.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TopBar } from "./top_bar.tsx";

/** The whole page. */
export function App(): JSX.Element {
  const { strings, dashboard, navigation } = useBoard();
  useChanges(navigation.changes);
  useChanges(dashboard.changes);
  useChanges(dashboard.link.changes);
  const { place } = navigation;
  const pod = place.page === "pod" ? dashboard.pod(place.podId) : undefined;
  // A pod that is gone, or not known yet: what there is then is the overview.
  const depth = place.page === "pod" && pod === undefined ? 0 : depthOf(place);

  useEffect(() => {
    document.title = pod === undefined ? strings.title : `${pod.name} · ${strings.title}`;
  }, [pod?.name]);

  return (
    <div
      class="root"
      data-depth={depth}
      data-link={dashboard.link.state.kind}
      aria-busy={dashboard.pods === undefined}
    >
      <button type="button" class="skip" onClick={skip}>{strings.skip}</button>
      <TopBar />
      <LostBanner />
      <main class="columns">
        <Sidebar />
        <section
          id="content"
          class="content"
          tabIndex={-1}
          aria-label={pod?.name ?? strings.overview}
        >
          {pod !== undefined && place.page === "pod"
            ? <PodView key={pod.id} pod={pod} conversation={place.conversation} />
            : <Overview />}
        </section>
      </main>
    </div>
  );
}

function skip(): void {
  document.getElementById("content")?.focus();
}
