interface Props {
  readonly type: "radio" | "checkbox";
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly shortcut?: string;
  readonly isTicked: boolean;
  readonly isDisabled: boolean;
  readonly onTick: () => void;
}

/** An answer with its radio button or box; all of it can be clicked. */
export function Tick({ type, name, value, label, shortcut = "", isTicked, isDisabled, onTick }: Props) {
  return (
    <label className="option">
      <input
        type={type}
        name={name}
        value={value}
        checked={isTicked}
        disabled={isDisabled}
        aria-keyshortcuts={shortcut === "" ? undefined : shortcut}
        onChange={onTick}
      />
      <span dir="auto">{label}</span>
      {shortcut !== "" && <kbd aria-hidden="true">{shortcut}</kbd>}
    </label>
  );
}
