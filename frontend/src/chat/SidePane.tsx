import type { Help } from "../labels/Instructions";
import { Html } from "../parts/Html";
import { useMedia } from "../parts/useMedia";
import type { Dialogue } from "../state";
import type { StudyView } from "../wire";
import { YourPart, hasPart } from "./YourPart";

const WIDE = "(min-width: 60rem)";

interface Props {
  readonly study: StudyView;
  readonly dialogue: Dialogue | undefined;
  /** How turns are labelled meanwhile; empty where they are not. */
  readonly labelling: string;
  readonly help: Help;
}

/**
 * What the person is to be, the study's own pane and its instructions: beside the chat where there is room. Else they are
 * folded above it, but for what the person is to be, which is open at first: they need it for every word.
 */
export function SidePane({ study, dialogue, labelling, help }: Props) {
  const { panel, isOpen, setIsOpen, wanted, back } = help;
  const isWide = useMedia(WIDE);
  const part = dialogue !== undefined && hasPart(dialogue) && <YourPart {...dialogue} />;
  const hasTask = study.left_pane_html !== "" || study.instructions_html !== "" || labelling !== "";
  if (part === false && !hasTask) return null;
  const body = (
    <>
      {study.left_pane_html !== "" && <Html html={study.left_pane_html} />}
      {study.instructions_html !== "" && (
        <section>
          <h2>Instructions</h2>
          <Html html={study.instructions_html} />
        </section>
      )}
      {labelling !== "" && (
        <section>
          <h2>How to label</h2>
          <Html html={labelling} />
        </section>
      )}
      {wanted !== null && (
        <button type="button" className="back" onClick={back}>
          Back to the question
        </button>
      )}
    </>
  );
  if (!isWide) {
    return (
      <>
        {part !== false && (
          <details className="pane" open>
            <summary>Your part in this chat</summary>
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard must reach it */}
            <section className="pane-body" aria-label="Your part in this chat" tabIndex={0}>
              {part}
            </section>
          </details>
        )}
        {hasTask && (
          <details className="pane" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
            <summary>About this task</summary>
            <section className="pane-body" aria-label="About this task" ref={panel}>
              {body}
            </section>
          </details>
        )}
      </>
    );
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard must reach it
    <aside className="pane pane-body" aria-label="About this task" tabIndex={0} ref={panel}>
      {part}
      {body}
    </aside>
  );
}
