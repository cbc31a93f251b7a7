import { type ReactNode, useId } from "react";

import { characterCount } from "../wire";
import { useTyped } from "./useTyped";

interface Props {
  readonly value: string;
  /** Ids of the elements that name the field; else `label` is shown above it. */
  readonly labelledBy?: string;
  readonly label?: ReactNode;
  readonly minimum?: number;
  readonly maximum: number;
  readonly rows: number;
  readonly isDisabled: boolean;
  /** Given null for an empty field. */
  readonly onText: (text: string | null) => void;
}

/** A field for text that counts what is in it once that matters. */
export function TypedText({ value, labelledBy, label, minimum = 0, maximum, rows, isDisabled, onText }: Props) {
  const [textId, hintId] = [useId(), useId()];
  const typed = useTyped(value, (text) => characterCount(text) <= maximum, (text) => onText(text === "" ? null : text));
  const isTooLong = characterCount(typed.text) > maximum;
  return (
    <div className="typed">
      {label !== undefined && <label htmlFor={textId}>{label}</label>}
      <textarea
        id={textId}
        value={typed.text}
        rows={rows}
        dir="auto"
        disabled={isDisabled}
        aria-labelledby={labelledBy}
        aria-describedby={hintId}
        aria-invalid={isTooLong}
        onChange={(event) => typed.change(event.target.value)}
        onBlur={typed.flush}
      />
      <p id={hintId} className={isTooLong ? "error" : "aside"}>
        {hintFor(typed.text, minimum, maximum)}
      </p>
    </div>
  );
}

function hintFor(text: string, minimum: number, maximum: number): string {
  const [count, solid] = [characterCount(text), characterCount(text.trim())];
  if (count > maximum) return `${number(count)} characters, too long to be saved: at most ${number(maximum)} fit.`;
  if (minimum > 1 && solid < minimum) return `${number(solid)} of at least ${number(minimum)} characters`;
  return count > maximum * 0.8 ? `${number(count)} of ${number(maximum)} characters` : "";
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
