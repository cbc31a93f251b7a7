import { useEffect, useRef } from "react";

import type { LabelPart } from "../wire";

interface Props {
  readonly parts: readonly LabelPart[];
  readonly active: number;
  readonly nameOf: (part: LabelPart) => string;
  /** How a part stands, in a word or two. */
  readonly stateOf?: (part: LabelPart) => string;
  readonly onChoose: (part: number) => void;
}

/** The way to any part, at any time; nothing where there is only one. */
export function PartTabs({ parts, active, nameOf, stateOf, onChoose }: Props) {
  const list = useRef<HTMLOListElement>(null);
  // However one came to a part, its name is in view among the others.
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);
  if (parts.length < 2) return null;
  return (
    <nav aria-label="Parts">
      <ol className="part-tabs" ref={list}>
        {parts.map((part) => (
          <li key={part.part}>
            <button
              type="button"
              aria-current={part.part === active ? "step" : undefined}
              onClick={() => onChoose(part.part)}
            >
              {nameOf(part)}
              {stateOf !== undefined && <small>{stateOf(part)}</small>}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
