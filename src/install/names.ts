/** Field manager of everything that comes with Kradle itself: what it applied last tells what is still as shipped. */
export const INSTALLER = 'kradle-install'
