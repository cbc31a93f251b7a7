import type { Help } from "../labels/Instructions";
import { Html } from "../parts/Html";
import { useMedia } from "../parts/useMedia";
import type { StudyView } from "../wire";

const WIDE = "(min-width: 60rem)";

interface Props {
  readonly study: StudyView;
  /** How turns are labelled meanwhile; empty where they are not. */
  readonly labelling: string;
  readonly help: Help;
}

/** The study's own pane and its instructions: beside the chat where there is room, else folded above it. */
export function SidePane({ study, labelling, help }: Props) {
  const { panel, isOpen, setIsOpen, wanted, back } = help;
  const isWide = useMedia(WIDE);
  if (study.left_pane_html === "" && study.instructions_html === "" && labelling === "") return null;
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
      <details className="pane" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>About this task</summary>
        <section className="pane-body" aria-label="About this task" ref={panel}>
          {body}
        </section>
      </details>
    );
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard must reach it
    <aside className="pane pane-body" aria-label="About this task" tabIndex={0} ref={panel}>
      {body}
    </aside>
  );
}
