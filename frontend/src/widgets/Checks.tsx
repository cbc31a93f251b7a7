import { Fragment } from "react";

import { CheckMenu } from "./CheckMenu";
import { NotApplicable } from "./NotApplicable";
import { keyOf, toggled } from "./shortcuts";
import { Tick } from "./Tick";
import type { WidgetProps } from "./widget";

/** Boxes, all in view or in a menu that opens; with a menu, what the ticks lead to stands below it. */
export function Checks(props: WidgetProps<"checks">) {
  const { question, value, name, isDisabled, onAnswer, then } = props;
  const ticked = Array.isArray(value) ? value : [];
  const isMenu = question.layout === "menu";
  const boxes = question.options.map((option) => (
    <Fragment key={option.id}>
      <Tick
        type="checkbox"
        name={name}
        value={option.id}
        label={option.text}
        shortcut={keyOf(question, option)}
        isTicked={ticked.includes(option.id)}
        isDisabled={isDisabled}
        onTick={() => onAnswer(toggled(question.options, value, option.id))}
      />
      {!isMenu && ticked.includes(option.id) && then(option)}
    </Fragment>
  ));
  const leading = question.options.filter((option) => isMenu && ticked.includes(option.id) && option.then.length > 0);
  return (
    <>
      {question.minimum > 1 && <p className="aside">Choose at least {question.minimum}.</p>}
      {isMenu ? <CheckMenu {...props}>{boxes}</CheckMenu> : <div className="options">{boxes}</div>}
      {leading.map((option) => (
        <Fragment key={option.id}>{then(option)}</Fragment>
      ))}
      <NotApplicable {...props} />
    </>
  );
}
