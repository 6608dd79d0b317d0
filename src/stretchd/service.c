/* The daemon as a service: one for a state folder, not as root. */
#include <unistd.h>

#include "stretchd/daemon.h"

int service_begin(struct daemon *d)
{
	struct problem problem;
	int error = instance_check_user(geteuid(), source_live(&d->settings), &problem);

	d->lock = error != 0 ? -1 : instance_lock(d->settings.state_dir, &problem);
	if (error == 0 && d->lock < 0)
		error = d->lock;
	return error != 0 ? daemon_fail(&problem, error) : 0;
}

void service_end(struct daemon *d)
{
	instance_unlock(d->lock);
	d->lock = -1;
}
