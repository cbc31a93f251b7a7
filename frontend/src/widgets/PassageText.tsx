import { type KeyboardEvent, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from "react";

import type { Span } from "../task";
import { type Chunk, type Segment, type Stretch, chunksOf, segmentsOf, selectedIn, trimmed } from "./passages";

interface Props {
  readonly text: string;
  readonly spans: readonly Span[];
  /** A label's name, and which of the looks it has. */
  readonly lookOf: (label: string) => { readonly name: string; readonly tone: number };
  readonly selected: Stretch | null;
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly isDisabled: boolean;
  readonly onSelect: (stretch: Stretch | null) => void;
  /** A key that is none of this text's own; `stretch` is what is selected, or the word that one is at. */
  readonly onKey: (key: string, stretch: Stretch | null) => boolean;
}

/** The text with its marks. It is selected with the mouse or a finger as any text, and word by word with the arrows. */
export function PassageText({ text, spans, lookOf, selected, labelledBy, describedBy, isDisabled, onSelect, onKey }: Props) {
  const baseId = useId();
  const list = useRef<HTMLDivElement>(null);
  const chunks = useMemo(() => chunksOf(text), [text]);
  const words = useMemo(() => chunks.filter(({ word }) => word !== null), [chunks]);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const active = cursor === null ? undefined : words[cursor.at];

  const onSelectionChange = useEffectEvent(() => {
    const selection = document.getSelection();
    if (isDisabled || list.current === null || selection === null) return;
    const stretch = selectedIn(list.current, selection);
    if (stretch !== null) onSelect(trimmed(text, stretch));
  });
  useEffect(() => {
    const onChange = () => onSelectionChange();
    document.addEventListener("selectionchange", onChange);
    return () => document.removeEventListener("selectionchange", onChange);
  }, []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isDisabled || event.ctrlKey || event.altKey || event.metaKey) return;
    const isTowardsLeft = getComputedStyle(event.currentTarget).direction === "rtl";
    const next = moved(cursor, event, isTowardsLeft, words.length);
    if (next !== null) {
      setCursor(next);
      onSelect(between(words, next));
    } else if (event.key === "Escape" && selected !== null) onSelect(null);
    else if (!onKey(event.key, selected ?? active ?? null)) return;
    event.preventDefault();
  };

  return (
    <div
      className="passage verbatim"
      dir="auto"
      ref={list}
      role="listbox"
      aria-multiselectable="true"
      aria-orientation="horizontal"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-disabled={isDisabled}
      aria-activedescendant={active === undefined ? undefined : `${baseId}-${active.start}`}
      tabIndex={isDisabled ? -1 : 0}
      onKeyDown={onKeyDown}
    >
      {chunks.map((chunk) => {
        const segments = segmentsOf(chunk, spans).map((segment) => (
          <Marked key={segment.start} segment={segment} lookOf={lookOf} />
        ));
        if (chunk.word === null) return <span key={chunk.start}>{segments}</span>;
        return (
          <span
            key={chunk.start}
            id={`${baseId}-${chunk.start}`}
            role="option"
            aria-selected={selected !== null && selected.start < chunk.end && chunk.start < selected.end}
            data-active={chunk === active}
          >
            {segments}
          </span>
        );
      })}
    </div>
  );
}

/** The word that one is at, and the one that a selection began with. */
interface Cursor {
  readonly at: number;
  readonly from: number;
}

/** Where a key leads; null for a key that leads nowhere. */
function moved(
  cursor: Cursor | null,
  { key, shiftKey }: KeyboardEvent,
  isTowardsLeft: boolean,
  count: number,
): Cursor | null {
  const last = count - 1;
  const forward = isTowardsLeft ? "ArrowLeft" : "ArrowRight";
  const backward = isTowardsLeft ? "ArrowRight" : "ArrowLeft";
  const start = cursor?.at ?? 0;
  const goals = new Map([
    [forward, cursor === null ? 0 : Math.min(start + 1, last)],
    [backward, Math.max(start - 1, 0)],
    ["Home", 0],
    ["End", last],
  ]);
  const at = goals.get(key);
  if (at === undefined || count === 0) return null;
  return { at, from: shiftKey ? (cursor?.from ?? start) : at };
}

function between(words: readonly Chunk[], { at, from }: Cursor): Stretch | null {
  const [first, last] = [words[Math.min(at, from)], words[Math.max(at, from)]];
  return first === undefined || last === undefined ? null : { start: first.start, end: last.end };
}

interface MarkedProps extends Pick<Props, "lookOf"> {
  readonly segment: Segment;
}

/** The names of marks are generated content, so that they cannot be selected with the text. */
function Marked({ segment, lookOf }: MarkedProps) {
  const label = segment.ending[0] ?? segment.labels[0];
  if (label === undefined) return segment.text;
  const ending = segment.ending.map((each) => lookOf(each).name).filter((name) => name !== "");
  return (
    <span className="marked" data-tone={lookOf(label).tone} data-ending={ending.length > 0 ? ending.join(", ") : undefined}>
      {segment.text}
    </span>
  );
}
