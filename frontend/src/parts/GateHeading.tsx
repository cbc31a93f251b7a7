import { type ReactNode, useEffect, useRef } from "react";

/** The h1 of a gate. It takes the focus when its gate appears, so that nobody is left where the last gate was. */
export function GateHeading({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
