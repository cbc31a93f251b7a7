import { plural } from "../words";

interface Props {
  readonly turnsTaken: number;
  readonly minimumTurns: number;
}

export function TurnCounter({ turnsTaken, minimumTurns }: Props) {
  return (
    <div className="turns">
      <p>{sentence(turnsTaken, minimumTurns)}</p>
      <progress aria-hidden="true" value={Math.min(turnsTaken, minimumTurns)} max={Math.max(1, minimumTurns)} />
    </div>
  );
}

function sentence(turnsTaken: number, minimumTurns: number): string {
  if (turnsTaken < minimumTurns) return `${turnsTaken} of at least ${plural(minimumTurns, "turn")}`;
  return minimumTurns === 0 ? plural(turnsTaken, "turn") : `${plural(turnsTaken, "turn")}, enough to finish`;
}
