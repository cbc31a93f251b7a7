import { Fragment, useId, useRef, useState } from "react";

import type { Option, Span } from "../task";
import { NotApplicable } from "./NotApplicable";
import { PassageText } from "./PassageText";
import { type Stretch, sliceOf, spansIn, withSpan } from "./passages";
import { keyOf } from "./shortcuts";
import type { WidgetProps } from "./widget";

/** As many looks as the style sheet tells apart. */
const TONES = 6;
const PLAIN: readonly Option[] = [{ id: "", text: "", help: "", examples: [], shortcut: "", then: [] }];

/** Marks passages of the turn's text, each under a label. */
export function Spans(props: WidgetProps<"spans">) {
  const { question, value, text, labelledBy, isDisabled, onAnswer, then } = props;
  const hintId = useId();
  const root = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<Stretch | null>(null);
  const [said, setSaid] = useState("");
  const spans = spansIn(value);
  const labels = question.options.length > 0 ? question.options : PLAIN;
  const focus = (what: string) => root.current?.querySelector<HTMLElement>(what)?.focus();
  const lookOf = (label: string) => {
    const place = labels.findIndex(({ id }) => id === label);
    return { name: labels[place]?.text ?? label, tone: Math.max(place, 0) % TONES };
  };

  const mark = (label: string, stretch: Stretch | null) => {
    if (stretch === null) {
      setSaid("Select a passage of the text first.");
      return;
    }
    onAnswer(withSpan(spans, { ...stretch, label }));
    setSelected(null);
    setSaid(`Marked: ${nameOf(text, { ...stretch, label }, lookOf(label).name)}.`);
    document.getSelection()?.removeAllRanges();
  };
  const remove = (span: Span) => {
    onAnswer(spans.filter((each) => each !== span));
    setSaid(`Removed: ${nameOf(text, span, lookOf(span.label).name)}.`);
    focus("[role=listbox]");
  };
  const onKey = (key: string, stretch: Stretch | null) => {
    const isGo = key === "Enter" || key === " ";
    const label = labels.find((option) => (isGo ? labels.length === 1 : keyOf(question, option) === key));
    if (label !== undefined) mark(label.id, stretch);
    else if (isGo) {
      setSelected(stretch);
      focus(".span-labels button");
    }
    return label !== undefined || isGo;
  };

  if (text === "") return <p className="aside">There is no text here to mark.</p>;
  return (
    <div className="spans" ref={root}>
      <p id={hintId} className="aside">
        Select a passage, then say what it is.
        <span className="keys"> By keyboard: arrows walk from word to word, with Shift they select, Enter marks.</span>
      </p>
      <PassageText
        text={text}
        spans={spans}
        lookOf={lookOf}
        selected={selected}
        labelledBy={labelledBy}
        describedBy={hintId}
        isDisabled={isDisabled}
        onSelect={setSelected}
        onKey={onKey}
      />
      <div className="span-labels" role="group" aria-label="Mark the selected passage">
        {labels.map((option) => (
          <button
            key={option.id}
            type="button"
            disabled={isDisabled}
            aria-disabled={selected === null}
            aria-keyshortcuts={keyOf(question, option) || undefined}
            data-tone={lookOf(option.id).tone}
            onClick={() => mark(option.id, selected)}
          >
            {option.text || "Mark"}
          </button>
        ))}
      </div>
      {spans.length > 0 && (
        <ul className="marks" aria-label="Marked passages">
          {spans.map((span) => (
            <li key={`${span.start} ${span.end} ${span.label}`}>
              <span className="verbatim" dir="auto">
                {nameOf(text, span, lookOf(span.label).name)}
              </span>
              <button
                type="button"
                className="quiet"
                disabled={isDisabled}
                aria-label={`Remove ${nameOf(text, span, lookOf(span.label).name)}`}
                onClick={() => remove(span)}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="hidden">
        {said}
      </p>
      {question.options
        .filter(({ id }) => spans.some(({ label }) => label === id))
        .map((option) => (
          <Fragment key={option.id}>{then(option)}</Fragment>
        ))}
      <NotApplicable {...props} />
    </div>
  );
}

function nameOf(text: string, span: Span, label: string): string {
  return `“${sliceOf(text, span)}”${label === "" ? "" : `: ${label}`}`;
}
