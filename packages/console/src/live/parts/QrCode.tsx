import { qr } from './qr.js';

/** A text as a QR code, dark on light in every theme since readers need that. Nothing where it is too long. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const squares = qr(text);
  if (!squares) return null;
  const size = squares.length + 8;
  const path = squares
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
