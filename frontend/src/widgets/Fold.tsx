import { type ReactNode, useState } from "react";

interface Props {
  readonly name: string;
  /** What was answered, in words. */
  readonly answer: string;
  readonly isOpenByDefault: boolean;
  readonly children: ReactNode;
}

/** A question behind its name. Once somebody has opened or closed it, or been at work in it, it stays so. */
export function Fold({ name, answer, isOpenByDefault, children }: Props) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isOpenByDefault;
  return (
    <details
      className="fold"
      open={isOpen}
      onToggle={({ currentTarget }) => currentTarget.open !== isOpen && setChosen(currentTarget.open)}
    >
      <summary dir="auto">
        {name}
        {answer !== "" && <small> {answer}</small>}
      </summary>
      <div role="presentation" onFocus={() => setChosen(true)}>
        {children}
      </div>
    </details>
  );
}
