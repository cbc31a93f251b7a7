import { Fragment, useId, useLayoutEffect, useRef, useState } from "react";

import type { Value } from "../task";
import { NotApplicable } from "./NotApplicable";
import { isNotApplicable } from "./questions";
import type { WidgetProps } from "./widget";

interface Item {
  readonly id: string;
  readonly text: string;
}

/** All in a row, best first, moved by buttons. The order that they come in is no answer before someone says so. */
export function Ranking(props: WidgetProps<"ranking">) {
  const { question, value, replies, labelledBy, isDisabled, onAnswer, then } = props;
  const hintId = useId();
  const [said, setSaid] = useState("");
  const items = itemsOf(question, replies);
  const ranked = rankedItems(items, value);
  const order = ranked ?? items;
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const focusNext = useRef("");
  // A button that moves with its item loses the focus on the way.
  useLayoutEffect(() => {
    buttons.current.get(focusNext.current)?.focus();
    focusNext.current = "";
  });

  const answer = (next: readonly Item[], focus: string) => {
    focusNext.current = focus;
    onAnswer(next.map(({ id }) => id));
  };
  const move = (from: number, direction: Direction) => {
    const to = from + (direction === "up" ? -1 : 1);
    const [item, other] = [order[from], order[to]];
    if (item === undefined || other === undefined) return;
    setSaid(`${shortened(item.text)} is now ${to + 1} of ${order.length}.`);
    const next = order.map((each) => (each === item ? other : each === other ? item : each));
    answer(next, `${direction} ${item.id}`);
  };
  const mover = (item: Item, place: number, direction: Direction) => (
    <button
      type="button"
      ref={(button) => {
        if (button === null) return;
        const kept = buttons.current;
        kept.set(`${direction} ${item.id}`, button);
        return () => void kept.delete(`${direction} ${item.id}`);
      }}
      disabled={isDisabled}
      aria-disabled={place === (direction === "up" ? 0 : order.length - 1)}
      aria-label={`Move ${direction}: ${shortened(item.text)}`}
      onClick={() => move(place, direction)}
    >
      {direction === "up" ? "Up" : "Down"}
    </button>
  );

  return (
    <div className="ranking">
      <p id={hintId} className="aside">
        Best first.
        {ranked === null && !isNotApplicable(question, value) && " Not answered yet: move something, or keep this order."}
      </p>
      <ol aria-labelledby={labelledBy} aria-describedby={hintId}>
        {order.map((item, place) => (
          <li key={item.id}>
            <div className="ranked">
              <span className="verbatim" dir="auto">
                {item.text}
              </span>
              {mover(item, place, "up")}
              {mover(item, place, "down")}
            </div>
          </li>
        ))}
      </ol>
      {ranked === null && !isDisabled && (
        <button type="button" onClick={() => answer(items, `down ${items[0]?.id ?? ""}`)}>
          Keep this order
        </button>
      )}
      <p role="status" className="hidden">
        {said}
      </p>
      {ranked !== null && question.options.map((option) => <Fragment key={option.id}>{then(option)}</Fragment>)}
      <NotApplicable {...props} />
    </div>
  );
}

type Direction = "up" | "down";

/** The options, or the candidate replies, whose ids count from 1. */
function itemsOf({ options }: WidgetProps<"ranking">["question"], replies: readonly string[]): readonly Item[] {
  return options.length > 0 ? options : replies.map((text, index) => ({ id: String(index + 1), text }));
}

/** The items in the order of the answer; null where it is none. */
function rankedItems(items: readonly Item[], value: Value | undefined): readonly Item[] | null {
  if (!Array.isArray(value) || value.length !== items.length) return null;
  const ranked = value.flatMap((id) => items.find((item) => item.id === id) ?? []);
  return ranked.length === items.length ? ranked : null;
}

function shortened(text: string): string {
  const signs = Array.from(text);
  return signs.length <= 60 ? text : `${signs.slice(0, 59).join("").trimEnd()}…`;
}
