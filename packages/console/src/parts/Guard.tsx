import { Component, type ReactNode } from 'react';
import { href } from '../route.js';

/** A result of a shape nobody foresaw breaks one page, and says so; the others stay readable. */
export class Guard extends Component<{ children: ReactNode }, { problem: string | undefined }> {
  override state: { problem: string | undefined } = { problem: undefined };

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === undefined) return this.props.children;
    return (
      <div className="empty" role="alert">
        <h1>This page could not be drawn</h1>
        <p>
          The data for it is not as expected: <code>{this.state.problem}</code>
        </p>
        <p>
          The other pages still work; start from the <a href={href('overview')}>overview</a>. The same
          findings are in the output of <code>rollcall scan --json</code>.
        </p>
      </div>
    );
  }
}
