/*
 * What the leak checker is not to report: fontconfig, which cairo asks for fonts, keeps
 * its lists until the process ends.
 */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
