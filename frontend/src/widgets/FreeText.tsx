import { NotApplicable } from "./NotApplicable";
import { isNotApplicable } from "./questions";
import { TypedText } from "./TypedText";
import type { WidgetProps } from "./widget";

export function FreeText(props: WidgetProps<"text">) {
  const { question, value, labelledBy, isDisabled, onAnswer } = props;
  return (
    <>
      <TypedText
        value={typeof value === "string" && !isNotApplicable(question, value) ? value : ""}
        labelledBy={labelledBy}
        minimum={question.minimum_characters}
        maximum={question.maximum_characters}
        rows={3}
        isDisabled={isDisabled}
        onText={onAnswer}
      />
      <NotApplicable {...props} />
    </>
  );
}
