import { NOT_APPLICABLE } from "../task";
import { isNotApplicable } from "./questions";
import { Tick } from "./Tick";
import type { WidgetProps } from "./widget";
import { NOT_APPLICABLE_TEXT } from "./words";

type Props = Pick<WidgetProps, "question" | "value" | "name" | "isDisabled" | "onAnswer">;

/** The way out of a question that does not fit, below widgets that have no room for it among their answers. */
export function NotApplicable({ question, value, name, isDisabled, onAnswer }: Props) {
  if (!question.allows_na) return null;
  const isTicked = isNotApplicable(question, value);
  return (
    <Tick
      type="checkbox"
      name={name}
      value={NOT_APPLICABLE}
      label={NOT_APPLICABLE_TEXT}
      isTicked={isTicked}
      isDisabled={isDisabled}
      onTick={() => onAnswer(isTicked ? null : NOT_APPLICABLE)}
    />
  );
}
