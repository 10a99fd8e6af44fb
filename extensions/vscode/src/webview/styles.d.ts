/** Styles are bundled into a file of their own; importing them only says that they are needed. */
declare module '*.css';
