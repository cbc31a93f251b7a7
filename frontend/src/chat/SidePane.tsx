import { useSyncExternalStore } from "react";

import { Html } from "../parts/Html";
import type { StudyView } from "../wire";

const WIDE = "(min-width: 60rem)";

/** The study's own pane and its instructions: beside the chat where there is room, else folded above it. */
export function SidePane({ study }: { readonly study: StudyView }) {
  const isWide = useMedia(WIDE);
  if (study.left_pane_html === "" && study.instructions_html === "") return null;
  const body = (
    <>
      {study.left_pane_html !== "" && <Html html={study.left_pane_html} />}
      {study.instructions_html !== "" && (
        <section>
          <h2>Instructions</h2>
          <Html html={study.instructions_html} />
        </section>
      )}
    </>
  );
  if (!isWide) {
    return (
      <details className="pane">
        <summary>About this task</summary>
        <div className="pane-body">{body}</div>
      </details>
    );
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard must reach it
    <aside className="pane pane-body" aria-label="About this task" tabIndex={0}>
      {body}
    </aside>
  );
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => matchMedia(query).matches,
  );
}
