declare module 'virtual:office-words/zh' {
  const words: import('../office_words').OfficeWords;
  export default words;
}
declare module 'virtual:office-words/en' {
  const words: import('../office_words').OfficeWords;
  export default words;
}
