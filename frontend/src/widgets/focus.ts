/** Leads to a question. */

const CONTROLS = ".answer :is(input, textarea, button, [tabindex]):not(:disabled, [tabindex='-1'])";

/**
 * Opens the question if it is folded, and focuses the control of `item`, an option or a point; without one, the chosen
 * radio button, or the first control. False where `root` does not show the question.
 */
export function focusQuestion(root: ParentNode, question: string, item?: string): boolean {
  const blocks = [...root.querySelectorAll<HTMLElement>("[data-question]")];
  const block = blocks.find(({ dataset }) => dataset["question"] === question);
  if (block === undefined) return false;
  const fold = block.closest("details");
  if (fold !== null) fold.open = true;
  focusControl(block, item);
  return true;
}

/** As `focusQuestion`, within the question's own element. */
export function focusControl(block: Element, item?: string): void {
  const all = [...block.querySelectorAll<HTMLElement>(CONTROLS)];
  const own = all.filter((control) => control.closest("[data-question]") === block);
  const isWanted = (control: HTMLElement) =>
    control instanceof HTMLInputElement &&
    (item === undefined ? control.type === "radio" && control.checked : control.value === item);
  (own.find(isWanted) ?? own[0])?.focus();
}
