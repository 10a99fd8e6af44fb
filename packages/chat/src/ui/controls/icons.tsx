/** Line drawings on a grid of 16, coloured by the text around them. They say nothing that a label does not say too. */
const PATHS = {
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.2 3.2L13 5',
  copy: 'M5.5 5.5V3.2c0-.4.3-.7.7-.7h6.6c.4 0 .7.3.7.7v6.6c0 .4-.3.7-.7.7h-2.3M3.2 5.5h6.6c.4 0 .7.3.7.7v6.6c0 .4-.3.7-.7.7H3.2a.7.7 0 0 1-.7-.7V6.2c0-.4.3-.7.7-.7z',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.2v3h-3',
  edit: 'M10.5 3l2.5 2.5L6 12.5l-3 .5.5-3zM9 4.5L11.5 7',
  stop: 'M4.5 4.5h7v7h-7z',
  send: 'M8 13V3.5M4 7.2L8 3.2l4 4',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  back: 'M10 4L6 8l4 4',
  forward: 'M6 4l4 4-4 4',
  arrowDown: 'M8 3v9.5M4 8.8l4 4 4-4',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.3 10.3L13.5 13.5',
  pin: 'M9.5 2.5l4 4-2.2.7-2.3 2.3-.5 3-5-5 3-.5 2.3-2.3zM5.5 10.5l-3 3',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 8.5h6l.5-8.5M7 7v3.5M9 7v3.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  sliders: 'M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.5v3M6 9.5v3',
  key: 'M6 6.5a3 3 0 1 1 3 3 3 3 0 0 1-1-.2L6.8 10.5H5.5v1.3H4.2v1.4H2.5v-2L6.2 7.5a3 3 0 0 1-.2-1zM9.7 5.8h.01',
  image:
    'M3.2 3h9.6c.4 0 .7.3.7.7v8.6c0 .4-.3.7-.7.7H3.2a.7.7 0 0 1-.7-.7V3.7c0-.4.3-.7.7-.7zM2.8 11.5l3-3 2.2 2 2.5-3 3 3.5M6 6h.01',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  download: 'M8 2.5v7.3M4.8 7l3.2 3.2L11.2 7M3 13h10',
  keyboard:
    'M2.7 4h10.6c.4 0 .7.3.7.7v6.6c0 .4-.3.7-.7.7H2.7a.7.7 0 0 1-.7-.7V4.7c0-.4.3-.7.7-.7zM4.5 6.5h.01M7 6.5h.01M9.5 6.5h.01M12 6.5h.01M5 9.5h6',
  warning: 'M8 2.7L14 13H2zM8 6.5v3M8 11.3h.01',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.3V11M8 5h.01',
  lock: 'M4.2 7h7.6c.4 0 .7.3.7.7v4.6c0 .4-.3.7-.7.7H4.2a.7.7 0 0 1-.7-.7V7.7c0-.4.3-.7.7-.7zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  link: 'M6.7 9.3l2.6-2.6M7.3 4.7l1.5-1.5a2.5 2.5 0 0 1 3.5 3.5l-1.5 1.5M8.7 11.3l-1.5 1.5a2.5 2.5 0 0 1-3.5-3.5l1.5-1.5',
  tool: 'M10.2 2.6a3.3 3.3 0 0 0-3.9 4.3L2.6 10.6a1.3 1.3 0 0 0 0 1.8l1 1a1.3 1.3 0 0 0 1.8 0l3.7-3.7a3.3 3.3 0 0 0 4.3-3.9l-2 2-2.2-.6-.6-2.2z',
  brain:
    'M8 3.5a2 2 0 0 0-3.6 1A2.2 2.2 0 0 0 3 8a2.2 2.2 0 0 0 1.5 3.6A2 2 0 0 0 8 12.5zM8 3.5a2 2 0 0 1 3.6 1A2.2 2.2 0 0 1 13 8a2.2 2.2 0 0 1-1.5 3.6A2 2 0 0 1 8 12.5z',
  compass: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM10.5 5.5l-1.5 3.5-3.5 1.5L7 7z',
  server: 'M3 3h10v4H3zM3 9h10v4H3zM5.5 5h.01M5.5 11h.01',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  refresh: 'M3 8a5 5 0 0 1 8.7-3.3L13 6M13 2.8V6H9.8M13 8a5 5 0 0 1-8.7 3.3L3 10M3 13.2V10h3.2',
  branch: 'M4.5 3v10M4.5 9.5c0-2 7-1 7-4V5M3 3h3M10 3.5h3M3 13h3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
