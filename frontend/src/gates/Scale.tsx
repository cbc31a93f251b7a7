import { useId } from "react";

import type { RatingQuestion } from "../wire";

interface Props {
  readonly question: RatingQuestion;
  readonly value: number | undefined;
  readonly isMissing: boolean;
  readonly onChoose: (answer: number) => void;
}

/** One question, and every point of its scale as a radio button. */
export function Scale({ question, value, isMissing, onChoose }: Props) {
  const { text, low, high } = question;
  const [name, errorId] = [useId(), useId()];
  const points = Array.from({ length: high - low + 1 }, (_, step) => low + step);
  return (
    <fieldset className="scale" aria-describedby={isMissing ? errorId : undefined}>
      <legend dir="auto">{text}</legend>
      <div className="points">
        {points.map((point) => {
          const end = point === low ? "lowest" : point === high ? "highest" : null;
          return (
            <label key={point}>
              <input
                type="radio"
                name={name}
                value={point}
                checked={point === value}
                required
                aria-label={end === null ? undefined : `${point} – ${end}`}
                onChange={() => onChoose(point)}
              />
              {point}
              {end !== null && <small>{end}</small>}
            </label>
          );
        })}
      </div>
      {isMissing && (
        <p id={errorId} className="error">
          Please choose an answer.
        </p>
      )}
    </fieldset>
  );
}
