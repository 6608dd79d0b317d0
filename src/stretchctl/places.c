/* The service's places; see places.h. */
#include "stretchctl/places.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "linux/config.h"

/* True: the usual place is taken. */
static bool fill(const char **text, const char *found, const char *usual)
{
	if (text == NULL || *text != NULL)
		return false;
	*text = found;
	return strcmp(found, usual) == 0;
}

void places_fill(const char *program, struct settings *service, const char **state_dir,
	const char **socket)
{
	struct settings usual;
	struct problem why;
	bool took_folder, took_socket;

	settings_default(&usual);
	config_service_places(service, CONFIG_SERVICE_FILE, &why);
	took_folder = fill(state_dir, service->state_dir, usual.state_dir);
	took_socket = fill(socket, service->control, usual.control);
	if (why.text[0] != '\0' && (took_folder || took_socket))
		fprintf(stderr, "%s: %s\n", program, why.text);
}
