import { NOT_APPLICABLE } from "../task";
import { NotApplicable } from "./NotApplicable";
import { PointField } from "./PointField";
import { isNotApplicable } from "./questions";
import type { WidgetProps } from "./widget";
import { NOT_APPLICABLE_TEXT, pointName } from "./words";

/** So many points can be looked over; from more, one is written. */
const MOST_POINTS = 25;
/** Longer names than this have no room in a point's own box: points then stand one below the other. */
const SHORT_NAME = 14;
/** Longer words than this would be broken in a box of the usual width. */
const SHORT_WORD = 7;

export function Scale(props: WidgetProps<"scale">) {
  const { question, value, name, isDisabled, onAnswer } = props;
  const { low, high, labels } = question;
  if (high - low >= MOST_POINTS) {
    return (
      <>
        <PointField {...props} />
        <NotApplicable {...props} />
      </>
    );
  }
  const points = Array.from({ length: high - low + 1 }, (_, step) => low + step);
  const isWordy = Object.values(labels).some((label) => label.length > SHORT_NAME);
  const isBroad = Object.values(labels).some((label) => label.split(/\s+/).some((word) => word.length > SHORT_WORD));
  return (
    <div className={isWordy ? "points in-rows" : isBroad ? "points broad" : "points"}>
      {points.map((point) => {
        const label = pointName(question, point);
        return (
          <label key={point}>
            <input
              type="radio"
              name={name}
              value={point}
              checked={point === value}
              disabled={isDisabled}
              aria-label={label === "" ? undefined : `${point} – ${label}`}
              onChange={() => onAnswer(point)}
            />
            {point}
            {label !== "" && <small dir="auto">{label}</small>}
          </label>
        );
      })}
      {question.allows_na && (
        <label>
          <input
            type="radio"
            name={name}
            value={NOT_APPLICABLE}
            checked={isNotApplicable(question, value)}
            disabled={isDisabled}
            aria-label={`n/a – ${NOT_APPLICABLE_TEXT.toLowerCase()}`}
            onChange={() => onAnswer(NOT_APPLICABLE)}
          />
          n/a
        </label>
      )}
    </div>
  );
}
