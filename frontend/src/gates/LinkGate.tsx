import { type SyntheticEvent, useId, useRef, useState } from "react";

import { GateHeading } from "../parts/GateHeading";
import { useClient } from "../session";
import { MAX_ID_CHARACTERS } from "../wire";

/** For a link that does not say who follows it. */
export function LinkGate() {
  const client = useClient();
  const input = useRef<HTMLInputElement>(null);
  const [workerId, setWorkerId] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const [inputId, errorId] = [useId(), useId()];

  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    const given = workerId.trim();
    setIsMissing(given === "");
    if (given === "") input.current?.focus();
    else client.identify(given);
  };

  return (
    <form className="card" noValidate onSubmit={onSubmit}>
      <GateHeading>Welcome</GateHeading>
      <p>To begin, enter the ID that you take part with. If you were not given one, make one up and remember it.</p>
      <div className="field">
        <label htmlFor={inputId}>Participant ID</label>
        <input
          ref={input}
          id={inputId}
          value={workerId}
          maxLength={MAX_ID_CHARACTERS}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={isMissing}
          aria-describedby={errorId}
          onChange={(event) => setWorkerId(event.target.value)}
        />
        <p id={errorId} role="alert" className="error">
          {isMissing && "Please enter an ID."}
        </p>
      </div>
      <div className="actions">
        <button type="submit" className="primary">
          Continue
        </button>
      </div>
    </form>
  );
}
