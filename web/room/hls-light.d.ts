/** The build without subtitles, other sound tracks and copy protection has no types of its own. */
declare module 'hls.js/light' {
  export * from 'hls.js'
  export { default } from 'hls.js'
}
