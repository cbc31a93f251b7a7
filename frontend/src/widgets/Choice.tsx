import { Fragment } from "react";

import { NOT_APPLICABLE } from "../task";
import { isNotApplicable } from "./questions";
import { keyOf } from "./shortcuts";
import { Tick } from "./Tick";
import type { WidgetProps } from "./widget";
import { NOT_APPLICABLE_TEXT } from "./words";

export function Choice({ question, value, name, isDisabled, onAnswer, then }: WidgetProps<"choice">) {
  return (
    <div className="options">
      {question.options.map((option) => (
        <Fragment key={option.id}>
          <Tick
            type="radio"
            name={name}
            value={option.id}
            label={option.text}
            shortcut={keyOf(question, option)}
            isTicked={option.id === value}
            isDisabled={isDisabled}
            onTick={() => onAnswer(option.id)}
          />
          {option.id === value && then(option)}
        </Fragment>
      ))}
      {question.allows_na && (
        <Tick
          type="radio"
          name={name}
          value={NOT_APPLICABLE}
          label={NOT_APPLICABLE_TEXT}
          isTicked={isNotApplicable(question, value)}
          isDisabled={isDisabled}
          onTick={() => onAnswer(NOT_APPLICABLE)}
        />
      )}
    </div>
  );
}
