import { useId } from "react";

import { useTyped } from "./useTyped";
import type { WidgetProps } from "./widget";
import { pointName } from "./words";

/** A point of a long scale, written as a number. */
export function PointField({ question, value, labelledBy, isDisabled, onAnswer }: WidgetProps<"scale">) {
  const hintId = useId();
  const { low, high } = question;
  const isPoint = (text: string) => {
    const digits = text.trim();
    return digits === "" || (/^-?\d+$/.test(digits) && Number(digits) >= low && Number(digits) <= high);
  };
  const typed = useTyped(typeof value === "number" ? String(value) : "", isPoint, (text) =>
    onAnswer(text.trim() === "" ? null : Number(text)),
  );
  const isWrong = !isPoint(typed.text);
  const ends = [low, high].map((end) => [end, pointName(question, end)].filter((part) => part !== "").join(" – "));
  return (
    <div className="point-field">
      <input
        type="text"
        inputMode={low < 0 ? "text" : "numeric"}
        value={typed.text}
        disabled={isDisabled}
        autoComplete="off"
        aria-labelledby={labelledBy}
        aria-describedby={hintId}
        aria-invalid={isWrong}
        onChange={(event) => typed.change(event.target.value)}
        onBlur={typed.flush}
      />
      <p id={hintId} className={isWrong ? "error" : "aside"}>
        A whole number from {ends.join(" to ")}.
      </p>
    </div>
  );
}
