import { MAX_TEXT_CHARACTERS } from "../wire";

/** From here on the count is shown. */
const NEARLY_FULL = MAX_TEXT_CHARACTERS * 0.9;

interface Props {
  readonly id: string;
  readonly characters: number;
  readonly isOwnTurn: boolean;
  readonly isPartnerAwaited: boolean;
  readonly isOnItsWay: boolean;
  readonly heldBack: string;
}

export function ComposerHint({ id, characters, isOwnTurn, isPartnerAwaited, isOnItsWay, heldBack }: Props) {
  const isTooLong = characters > MAX_TEXT_CHARACTERS;
  return (
    <div className="hint" id={id}>
      <p role="alert" className="error">
        {isTooLong && `That is too long to send: at most ${number(MAX_TEXT_CHARACTERS)} characters fit.`}
      </p>
      {characters > NEARLY_FULL && (
        <p>
          {number(characters)} of {number(MAX_TEXT_CHARACTERS)} characters
        </p>
      )}
      {!isTooLong && (
        <p>
          {sentence(isOwnTurn, isPartnerAwaited, isOnItsWay, heldBack)}
          {isOwnTurn && !isOnItsWay && heldBack === "" && <span className="keys"> Enter sends, Shift + Enter starts a new line.</span>}
        </p>
      )}
    </div>
  );
}

function sentence(isOwnTurn: boolean, isPartnerAwaited: boolean, isOnItsWay: boolean, heldBack: string): string {
  if (isOnItsWay) return "Sending… You can go on when it is saved.";
  if (isPartnerAwaited) return "Your partner is not here yet. You can prepare your next message.";
  if (!isOwnTurn) return "Your partner is writing. You can prepare your next message.";
  return heldBack === "" ? "It is your turn." : heldBack;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
