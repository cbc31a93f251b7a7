/** Stretches of a text. All offsets count code points, as the study does, not the UTF-16 units of `String.length`. */
import type { Span, Value } from "../task";

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A piece of a word, or of what stands between words, over which the same marks run. */
export interface Segment {
  readonly text: string;
  readonly start: number;
  readonly labels: readonly string[];
  /** The labels of the marks that end here. */
  readonly ending: readonly string[];
}

/** A word, a run of other signs, or, with `word` null, the space between two of them. */
export interface Chunk extends Stretch {
  readonly word: number | null;
  readonly text: string;
}

export function sliceOf(text: string, { start, end }: Stretch): string {
  return Array.from(text).slice(start, end).join("");
}

/** The spans of an answer, in the order of the text. */
export function spansIn(value: Value | undefined): readonly Span[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Span => typeof item !== "string");
}

/** Adds a span. It swallows those of its own label that it overlaps, for these may not overlap. */
export function withSpan(spans: readonly Span[], added: Span): Span[] {
  const swallowed = spans.filter((span) => span.label === added.label && span.start < added.end && added.start < span.end);
  const start = Math.min(added.start, ...swallowed.map((span) => span.start));
  const end = Math.max(added.end, ...swallowed.map((span) => span.end));
  const kept = spans.filter((span) => !swallowed.includes(span));
  return [...kept, { ...added, start, end }].sort((one, other) => one.start - other.start || one.end - other.end);
}

/** The stretch without the white space at its ends; null where nothing else is in it. */
export function trimmed(text: string, { start, end }: Stretch): Stretch | null {
  const chosen = sliceOf(text, { start, end });
  const first = start + characters(chosen) - characters(chosen.trimStart());
  const last = first + characters(chosen.trim());
  return last > first ? { start: first, end: last } : null;
}

/** Cuts a text into words, in any language, runs of punctuation or pictures, and what is between. */
export function chunksOf(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let [at, words] = [0, 0];
  for (const [piece, isWord] of runsOf(text)) {
    const end = at + characters(piece);
    chunks.push({ text: piece, start: at, end, word: isWord ? words++ : null });
    at = end;
  }
  return chunks;
}

/** Cuts a chunk where marks begin and end. */
export function segmentsOf(chunk: Chunk, spans: readonly Span[]): readonly Segment[] {
  const inside = (at: number) => at > chunk.start && at < chunk.end;
  const borders = new Set([chunk.start, ...spans.flatMap(({ start, end }) => [start, end]).filter(inside), chunk.end]);
  const cuts = [...borders].sort((one, other) => one - other);
  const signs = Array.from(chunk.text);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? chunk.start;
    const over = spans.filter((span) => span.start < end && start < span.end);
    return {
      text: signs.slice(start - chunk.start, end - chunk.start).join(""),
      start,
      labels: over.map(({ label }) => label),
      ending: over.filter((span) => span.end === end).map(({ label }) => label),
    };
  });
}

/** What is selected of the text that `container` shows, by mouse, finger or keyboard; null for nothing of it. */
export function selectedIn(container: Node, selection: Selection): Stretch | null {
  if (selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const [hasStart, hasEnd] = [container.contains(range.startContainer), container.contains(range.endContainer)];
  if (!hasStart && !hasEnd) return null;
  const before = document.createRange();
  before.selectNodeContents(container);
  const whole = characters(before.toString());
  if (hasStart) before.setEnd(range.startContainer, range.startOffset);
  const start = hasStart ? characters(before.toString()) : 0;
  before.selectNodeContents(container);
  if (hasEnd) before.setEnd(range.endContainer, range.endOffset);
  return { start, end: hasEnd ? characters(before.toString()) : whole };
}

/** The text in pieces, and whether each is something to mark. */
function runsOf(text: string): readonly (readonly [string, boolean])[] {
  const runs: { text: string; kind: "word" | "sign" | "space" }[] = [];
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) {
    const kind = segment.trim() === "" ? "space" : isWordLike === true ? "word" : "sign";
    const last = runs.at(-1);
    if (last !== undefined && last.kind === kind && kind !== "word") last.text += segment;
    else runs.push({ text: segment, kind });
  }
  return runs.map((run) => [run.text, run.kind !== "space"] as const);
}

function characters(text: string): number {
  return Array.from(text).length;
}
