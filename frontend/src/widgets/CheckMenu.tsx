import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

import type { WidgetProps } from "./widget";

type Props = Pick<WidgetProps<"checks">, "question" | "value" | "labelledBy" | "isDisabled"> & {
  readonly children: ReactNode;
};

/** A button that says what is ticked and opens the boxes below it. Arrows walk through them, Escape closes. */
export function CheckMenu({ question, value, labelledBy, isDisabled, children }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const [buttonId, boxesId] = [useId(), useId()];
  const button = useRef<HTMLButtonElement>(null);
  const boxes = useRef<HTMLDivElement>(null);
  const ticked = question.options.filter(({ id }) => Array.isArray(value) && value.includes(id));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      setIsOpen(false);
      button.current?.focus();
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const all = [...(boxes.current?.querySelectorAll<HTMLInputElement>("input") ?? [])];
    if (step === 0 || !isOpen || all.length === 0) return;
    event.preventDefault();
    const at = all.findIndex((box) => box === document.activeElement);
    all.at(at === -1 && step === -1 ? -1 : (at + step) % all.length)?.focus();
  };

  return (
    <div className="menu" role="presentation" onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        id={buttonId}
        disabled={isDisabled}
        aria-expanded={isOpen}
        aria-controls={boxesId}
        aria-labelledby={`${labelledBy} ${buttonId}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        {ticked.length === 0 ? "Choose…" : ticked.map(({ text }) => text).join(", ")}
      </button>
      <div className="options" id={boxesId} ref={boxes} hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}
