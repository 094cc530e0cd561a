import { Text } from './Text.js';

/** Short texts, one to a line. They come from content and data, so two may be the same. */
export function Items({
  items,
  className,
  ordered,
}: {
  items: readonly string[];
  className?: string;
  ordered?: boolean;
}) {
  const List = ordered ? 'ol' : 'ul';
  return (
    <List className={className}>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and items may repeat
        <li key={index}>
          <Text value={item} />
        </li>
      ))}
    </List>
  );
}
