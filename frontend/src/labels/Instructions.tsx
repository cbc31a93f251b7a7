import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

import { Html } from "../parts/Html";
import { useMedia } from "../parts/useMedia";

const WIDE = "(min-width: 75rem)";

/** A question whose instructions somebody wants, and where they were. */
interface Wanted {
  readonly part: number | undefined;
  readonly question: string;
  readonly from: Element | null;
}

export interface Help {
  readonly panel: RefObject<HTMLElement | null>;
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  readonly wanted: Wanted | null;
  /** Opens the instructions at the section of a question. */
  readonly ask: (question: string) => void;
  /** Leads back to where somebody was when they asked. */
  readonly back: () => void;
}

/** `part` says whose instructions they are. */
export function useHelp(part: number | undefined): Help {
  const panel = useRef<HTMLElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const ask = useCallback(
    (question: string) => {
      setIsOpen(true);
      setWanted({ part, question, from: document.activeElement });
    },
    [part],
  );
  useEffect(() => {
    if (wanted === null || panel.current === null) return;
    const section = sectionOf(panel.current, wanted.question);
    section.tabIndex = -1;
    section.scrollIntoView({ block: "nearest" });
    section.focus();
  }, [wanted]);
  return {
    panel,
    isOpen,
    setIsOpen,
    wanted: wanted?.part === part ? wanted : null,
    ask,
    back: () => {
      if (wanted?.from instanceof HTMLElement) wanted.from.focus();
      setWanted(null);
    },
  };
}

interface Props {
  readonly html: string;
  readonly help: Help;
  /** Whether they are folded however much room there is. */
  readonly isFolded?: boolean;
}

/** A task's instructions: in view beside the work where there is room, else folded above it. */
export function Instructions({ html, help, isFolded = false }: Props) {
  const { panel, isOpen, setIsOpen, wanted, back } = help;
  const isWide = useMedia(WIDE);
  if (html === "") return null;
  const body = (
    <>
      <Html html={html} />
      {wanted !== null && (
        <button type="button" className="back" onClick={back}>
          Back to the question
        </button>
      )}
    </>
  );
  if (isWide && !isFolded) {
    return (
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so a keyboard must reach it
      <aside className="instructions" aria-label="Instructions" tabIndex={0} ref={panel}>
        <h2>Instructions</h2>
        {body}
      </aside>
    );
  }
  return (
    <details className="instructions" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Instructions and examples</summary>
      <section aria-label="Instructions" ref={panel}>
        {body}
      </section>
    </details>
  );
}

/** A question's section, or all of the instructions where it has none of its own. */
function sectionOf(panel: HTMLElement, question: string): HTMLElement {
  const sections = [...panel.querySelectorAll<HTMLElement>("[id]")];
  return sections.find(({ id }) => id === `help-${question}`) ?? panel;
}
