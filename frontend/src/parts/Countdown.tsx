import { useEffect, useState } from "react";

import { clock } from "../words";

const LAST_SECONDS = 10;

interface Props {
  /** Milliseconds since 1970, or null where no limit applies. */
  readonly deadline: number | null;
  readonly limitSeconds: number;
  /** What there is time left for: "to send your message". */
  readonly purpose: string;
}

/** Tells of a time limit before it strikes: a minute ahead, or a third of a limit under three minutes. */
export function Countdown({ deadline, limitSeconds, purpose }: Props) {
  const secondsLeft = useSecondsLeft(deadline);
  const warning = limitSeconds > 0 && limitSeconds < 180 ? Math.round(limitSeconds / 3) : 60;
  const isWarned = secondsLeft !== null && secondsLeft <= warning;
  const isUrgent = secondsLeft !== null && secondsLeft <= LAST_SECONDS;
  return (
    <div className="countdown" data-urgent={isUrgent}>
      {isWarned && (
        <p role="timer">
          {secondsLeft > 0 ? (
            <>
              <strong>{clock(secondsLeft)}</strong> left {purpose}
            </>
          ) : (
            "The time is up"
          )}
        </p>
      )}
      <p className="hidden" aria-live="polite">
        {isWarned && !isUrgent ? `Less than ${warning} seconds left ${purpose}.` : ""}
      </p>
      <p className="hidden" aria-live="assertive">
        {isUrgent ? `Less than ${LAST_SECONDS} seconds left ${purpose}.` : ""}
      </p>
    </div>
  );
}

function useSecondsLeft(deadline: number | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (deadline === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [deadline]);
  return deadline === null ? null : (deadline - now) / 1000;
}
