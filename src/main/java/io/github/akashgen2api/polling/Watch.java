package io.github.akashgen2api.polling;

import java.util.function.Function;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;

/**
 * Looks at one job again and again and remembers what it saw in a row. AkashGen may not
 * know a job yet that it has just queued, and may call one done before its picture is
 * there: both are tolerated twice in a row, as its own web page does with the former.
 */
final class Watch {

	private static final int TOLERATED_IN_A_ROW = 2;

	private final Function<JobId, JobStatus> statuses;

	private final JobId id;

	private int absences;

	private int emptySuccesses;

	Watch(Function<JobId, JobStatus> statuses, JobId id) {
		this.statuses = statuses;
		this.id = id;
	}

	/**
	 * Ask AkashGen once.
	 * @throws PollingException.JobUnknown if it has not known the job three times in a
	 * row
	 * @throws PollingException.PictureMissing if it has called the job done without a
	 * picture three times in a row
	 */
	JobStatus look() {
		int absencesBefore = this.absences;
		int emptySuccessesBefore = this.emptySuccesses;
		this.absences = 0;
		this.emptySuccesses = 0;
		JobStatus status = this.statuses.apply(this.id);
		switch (status) {
			case JobStatus.Absent absent -> {
				this.absences = absencesBefore + 1;
				if (this.absences > TOLERATED_IN_A_ROW) {
					throw new PollingException.JobUnknown(this.id, absent.answer());
				}
			}
			case JobStatus.SucceededEmpty empty -> {
				this.emptySuccesses = emptySuccessesBefore + 1;
				if (this.emptySuccesses > TOLERATED_IN_A_ROW) {
					throw new PollingException.PictureMissing(this.id, empty.answer());
				}
			}
			case JobStatus.Pending _, JobStatus.Unrecognised _, JobStatus.Succeeded _, JobStatus.Failed _ -> {
			}
		}
		return status;
	}

}
