package io.github.akashgen2api.polling;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;

/**
 * Counts what AkashGen says of one job in a row. AkashGen may not know a job yet that it
 * has just queued, and may call one done before its image is there: both are tolerated
 * twice in a row, as its own web page does with the former.
 */
final class StatusTolerance {

	private static final int TOLERATED_IN_A_ROW = 2;

	private final JobId id;

	private int absences;

	private int emptySuccesses;

	StatusTolerance(JobId id) {
		this.id = id;
	}

	/** AkashGen did not tell where the job stands. */
	void onError() {
		this.absences = 0;
		this.emptySuccesses = 0;
	}

	/**
	 * Count a status.
	 * @throws PollingException.JobUnknown if AkashGen has not known the job three times
	 * in a row
	 * @throws PollingException.ImageMissing if it has called the job done without an
	 * image three times in a row
	 */
	void onStatus(JobStatus status) {
		int absencesBefore = this.absences;
		int emptySuccessesBefore = this.emptySuccesses;
		onError();
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
					throw new PollingException.ImageMissing(this.id, empty.answer());
				}
			}
			case JobStatus.Pending _, JobStatus.Unrecognised _, JobStatus.Succeeded _, JobStatus.Failed _ -> {
			}
		}
	}

}
